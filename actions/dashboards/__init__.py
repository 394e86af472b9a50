"""What the pages of the programme show: panels of charts and tables, the same on screen, on paper and in the workbook."""
