// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Files of uncompressed pixels, record after record: IDX (MNIST) and CIFAR's binary version. */
package org.bellows.data.prepare.source.binary;
