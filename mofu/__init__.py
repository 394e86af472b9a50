"""劳模管理与“五大行动”信息系统: the shared floors of the house."""
