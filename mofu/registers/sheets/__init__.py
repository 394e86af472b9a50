"""Excel in: reading any reasonable workbook into any register, with every problem named before anything is written."""
