"""Queries of a layer's features: filters in CQL2, boxes, dates, order. Independent of HTTP."""
