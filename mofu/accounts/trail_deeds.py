"""What a request was about, in words an auditor understands: for entries of requests that no view tells of itself."""

from __future__ import annotations

from django.http import HttpRequest

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")

# By the name of an address, of a register's address without the register.
_REGISTER_DEEDS = {
    "list": "查看列表", "columns": "设置列表的列", "pick": "选择记录", "export": "导出", "views": "保存视图", "view": "修改视图",
    "new": "新增", "import": "导入表格", "template": "下载导入模板", "batch": "处理导入", "refused": "下载未导入的行",
    "detail": "查看记录", "edit": "修改", "delete": "删除", "history": "查看修改历史", "batch-edit": "批量修改",
    "bulk": "批量送审、审核", "submit": "送审", "approve": "审核通过", "return": "退回", "files": "上传佐证材料",
    "reveal": "查看完整号码", "erase": "删除个人信息", "photo": "查看照片",
}  # fmt: skip
_DEEDS = {
    "account_login": "登录", "account_logout": "退出登录", "account_change_password": "修改密码", "account_inactive": "查看停用提示",
    "account_reauthenticate": "再次确认密码", "time-left": "延长登录", "resume": "继续填写",
    "mfa_index": "查看双重验证", "mfa_authenticate": "双重验证", "mfa_reauthenticate": "再次双重验证",
    "mfa_activate_totp": "启用双重验证", "mfa_deactivate_totp": "停用双重验证", "mfa_view_recovery_codes": "查看恢复码",
    "mfa_generate_recovery_codes": "生成恢复码", "mfa_download_recovery_codes": "下载恢复码", "usersessions_list": "管理登录设备",
    "accounts": "查看账号", "account-new": "开通账号", "account": "查看账号", "account-edit": "修改账号", "account-password": "重置密码",
    "account-factor": "重置双重验证", "account-sessions": "结束账号的全部登录", "account-disable": "停用账号",
    "account-enable": "恢复账号", "home": "打开工作台", "index": "查看进展", "campaign": "查看行动进展", "people": "查看劳模工匠结构",
    "screen": "打开大屏", "reports": "查看报告", "report-settings": "设置公文版式", "frozen": "查看定稿", "frozen-file": "下载定稿文件",
    "annual": "下载年度报告", "report": "查看报告", "report-file": "生成报告文件", "report-passage": "改写报告",
    "report-draft": "填写文号、主送和成文日期", "report-freeze": "报告定稿", "system": "查看系统状态", "inbox": "查看待审记录",
    "returned": "查看退回记录", "trail": "查看操作留痕", "trail-entry": "查看操作留痕", "trail-export": "导出操作留痕",
    "jobs": "查看任务", "job": "查看任务", "job-cancel": "取消任务", "job-again": "重新执行任务", "job-result": "下载任务结果",
    "duplicates": "重复核查", "distinct": "查看已排除的重复", "distinct-back": "恢复重复提示", "merges": "查看合并",
    "merge-undo": "撤销合并", "merge": "合并记录", "merge-distinct": "标记为不重复", "large_text": "切换大字版",
    "file": "下载佐证材料", "file-delete": "删除佐证材料", "health": "查看运行状态", "favicon": "读取图标",
}  # fmt: skip
_OUTCOMES = {
    409: "内容已被他人改动，没有执行", 413: "提交的内容过大，没有执行", 422: "填写的内容没有通过检查，没有执行",
    429: "次数过多，没有执行", 503: "暂时不能处理，没有完成",
}  # fmt: skip
_KINDS = {2: "已答复", 3: "已处理", 4: "没有通过，没有执行", 5: "系统出错，没有完成"}


def deed_of(request: HttpRequest) -> str:
    """Return what the request was about: 删除个人信息（劳模工匠第305号）; of an address there is not, the address."""
    match = request.resolver_match
    if match is None:
        return f"打开不存在的网址 {request.path[:150]}"
    register = getattr(match.func, "view_initkwargs", {}).get("register")
    name = match.url_name or ""
    known = _REGISTER_DEEDS.get(name.removeprefix(f"{register.slug}-")) if register else _DEEDS.get(name)
    deed = known or ("系统管理页面" if match.app_name == "admin" else f"网址 {request.path[:150]}")
    number = f"第{match.kwargs['pk']}号" if "pk" in match.kwargs else ""
    about = f"{register.title if register else ''}{number}"
    return f"{deed}（{about}）" if about else deed


def outcome_of(status: int) -> str:
    """Return what came of a request, by the status of its answer."""
    return _OUTCOMES.get(status) or _KINDS.get(status // 100, "")
