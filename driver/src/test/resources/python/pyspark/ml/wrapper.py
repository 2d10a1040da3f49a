# Copyright The Bellows Authors
# SPDX-License-Identifier: Apache-2.0
from pyspark.ml.param import Params


class JavaWrapper:
    def __init__(self, java_obj=None):
        super().__init__()
        self._java_obj = java_obj

    @staticmethod
    def _new_java_obj(java_class, *arguments):
        return (java_class, *arguments)


class JavaParams(JavaWrapper, Params):
    pass


class JavaTransformer(JavaParams):
    pass


class JavaEstimator(JavaParams):
    pass


class JavaModel(JavaTransformer):
    pass
