# Copyright The Bellows Authors
# SPDX-License-Identifier: Apache-2.0
import uuid


class TypeConverters:
    @staticmethod
    def toString(value):
        return str(value)

    @staticmethod
    def toListString(value):
        return [str(one) for one in value]

    @staticmethod
    def toInt(value):
        return int(value)

    @staticmethod
    def toFloat(value):
        return float(value)

    @staticmethod
    def toListFloat(value):
        return [float(one) for one in value]


class Param:
    def __init__(self, parent, name, doc, typeConverter=None):
        self.parent, self.name, self.doc, self.typeConverter = parent, name, doc, typeConverter


class Params:
    def __init__(self):
        super().__init__()
        self.uid = type(self).__name__ + "_" + uuid.uuid4().hex[:12]
        self._paramMap = {}

    @staticmethod
    def _dummy():
        return None

    @property
    def params(self):
        return [getattr(self, name) for name in dir(type(self)) if isinstance(getattr(type(self), name), Param)]

    def _set(self, **values):
        for name, value in values.items():
            param = getattr(self, name)
            self._paramMap[name] = param.typeConverter(value)
        return self

    def isSet(self, name):
        return name in self._paramMap

    def getOrDefault(self, name):
        return self._paramMap[name]

    def _resetUid(self, uid):
        self.uid = uid
        return self
