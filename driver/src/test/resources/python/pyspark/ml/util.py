# Copyright The Bellows Authors
# SPDX-License-Identifier: Apache-2.0
class JavaMLReader:
    def __init__(self, clazz):
        self.java_class = self._java_loader_class(clazz)


class JavaMLReadable:
    @classmethod
    def read(cls):
        return JavaMLReader(cls)


class JavaMLWritable:
    pass
