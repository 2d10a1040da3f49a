// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What jobs that take pictures one by one have in common: the pictures of a dataset, of a source or
 * of a list, divided into parts of so many, each the work of one task; and the Parquet file that a
 * part becomes. What is done with a picture is not decided here.
 */
package org.bellows.driver.picture;
