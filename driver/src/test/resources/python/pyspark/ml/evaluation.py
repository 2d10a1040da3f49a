# Copyright The Bellows Authors
# SPDX-License-Identifier: Apache-2.0
from pyspark.ml.wrapper import JavaParams


class JavaEvaluator(JavaParams):
    pass
