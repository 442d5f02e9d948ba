"""Logs for machines: ``LOG_FORMAT=json``."""

import datetime
import json
import logging
from typing import Any

from portal.pages.discretion import LINK

from .observing import REQUEST


class JsonLines(logging.Formatter):
    """One JSON object a line, whatever is in it, without links that open something."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname, "logger": record.name}
        if request := REQUEST.get():
            line["request"] = request
        if message := record.getMessage():
            line["message"] = message
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return LINK.sub(r"\1...", json.dumps(line, default=str))
