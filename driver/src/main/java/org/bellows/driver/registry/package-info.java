// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The models of a registry, in any file system of Hadoop. Independent of Spark and of training.
 *
 * <pre>
 * registry.path/models/NAME/
 *   1/ 2/ 3/ ..                versions; put there by one rename, never changed
 *     model/                   see {@link org.bellows.worker.model}, with the provenance
 *     configuration.json       the effective configuration
 *     version.json             {@link org.bellows.driver.registry.VersionCard}: scores, data, where from
 *     dataset.json             the dataset's manifest, see {@link org.bellows.data.manifest}
 *     evaluation.json, report.html
 *   current/000000001.json ..  {@link org.bellows.driver.registry.Promotion}; the highest number holds
 *   history/1/ ..              decisions of retrain, see {@link org.bellows.driver.retrain}
 *   lease/                     who retrains, see {@link org.bellows.data.storage.lease}
 * </pre>
 *
 * <p>The current pointer is a log whose entries are created once and never changed: a promotion
 * names the entry that it builds on and creates the next one, so of two at once one fails. A file
 * that was replaced would be the last writer's.
 *
 * <p>Whatever retrain writes here goes through the fence of its lease: a start that was replaced by
 * another can add neither a version nor an entry.
 */
package org.bellows.driver.registry;
