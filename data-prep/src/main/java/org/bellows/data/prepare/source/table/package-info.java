// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Sources with a row for each image: manifests (CSV, JSON lines), whose rows name files, and
 * Parquet and sequence files, whose rows hold the encoded images.
 */
package org.bellows.data.prepare.source.table;
