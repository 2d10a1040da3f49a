// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/** Studies: what their trainings came to, as text, Markdown and a page. */
package org.bellows.driver.study;
