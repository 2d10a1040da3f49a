// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Studies, as files: which runs are compared with which. Nothing here runs anything. */
package org.bellows.conf.study;
