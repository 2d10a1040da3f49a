// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Charts as SVG and markup as text, for every page that Bellows writes.
 *
 * <p>Pure functions of what they are given: no clock, no locale, no file. Every text of a user goes
 * through {@link org.bellows.driver.chart.Markup}, which escapes it. Independent of the subject of
 * a chart. Neither Spark nor ND4J may be imported.
 */
package org.bellows.driver.chart;
