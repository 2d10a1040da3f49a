// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** One class under a name that DL4J looks for; nothing else may live here. */
package org.nd4j.nativeblas;
