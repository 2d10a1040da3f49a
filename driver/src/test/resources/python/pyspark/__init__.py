# Copyright The Bellows Authors
# SPDX-License-Identifier: Apache-2.0
"""Stands in for PySpark, which the tests do not have: only what bellows.py touches, with PySpark's signatures."""
