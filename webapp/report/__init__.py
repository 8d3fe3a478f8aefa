"""The report: one question as a document that can be printed, in Arabic, in English or in both."""

from webapp.report.pages import blueprint

__all__ = ["blueprint"]
