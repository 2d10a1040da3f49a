// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Code that runs inside one executor. No Spark here, so that all of it runs in a plain test. */
package org.bellows.worker;
