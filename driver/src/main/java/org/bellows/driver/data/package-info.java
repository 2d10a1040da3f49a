// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Statistics of a prepared dataset for the terminal and the page, made by a Spark job. */
package org.bellows.driver.data;
