// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures in the rows of a DataFrame, as items that {@code prepare} takes: {@code source.format =
 * spark}, and what estimators are fitted on. Which columns there are and what their types mean is
 * decided here; what makes a row a good item in {@code RowItems} of {@code data-prep}.
 */
package org.bellows.driver.frame;
