// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The report of a run: one HTML page that needs nothing beside itself, with charts drawn as SVG.
 *
 * <p>{@link org.bellows.driver.report.HtmlReport} is the entry. It is a pure function of a {@link
 * org.bellows.driver.report.RunReport}: no clock, no locale, no file, so equal runs give equal
 * pages. The page is well-formed XML too, which is how the tests read it.
 *
 * <p>Every text of a user (class names, paths, settings) goes through {@code chart.Markup}, which
 * escapes it; nothing else may write a tag around such a text. Neither Spark nor ND4J may be
 * imported here.
 */
package org.bellows.driver.report;
