// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.listing;

import org.apache.spark.api.java.JavaRDD;
import org.bellows.data.prepare.source.part.Source;

/**
 * A source whose items Spark itself finds: the rows of a table. The rows may come in any order and
 * in any partitions, since an item's place in the dataset depends on the item alone.
 *
 * @param source without parts
 * @param items with the content of those that carry it; evaluated once and kept on the executors'
 *     disks until the dataset is written
 */
public record ItemRows(Source source, JavaRDD<ListingResult> items) {}
