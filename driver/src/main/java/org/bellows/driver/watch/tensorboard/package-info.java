// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Event files that TensorBoard draws: {@code tensorboard/events.out.tfevents.NUMBER.bellows} in the
 * run's folder, one for each segment and each evaluation, whole files as everything in that folder.
 * TensorBoard reads the files of a folder in the order of their names. When there are many, the
 * newest are joined to {@code events.out.tfevents.FROM-TO.bellows} ({@link
 * org.bellows.driver.run.SequenceFiles}): records stay as they are.
 *
 * <p>A file is a sequence of records ({@code tensorflow/core/lib/io/record_writer.cc}): the length
 * of the content as 8 bytes, the masked CRC-32C of these 8 bytes, the content, its masked CRC-32C;
 * all integers little-endian. Each content is one {@code Event} ({@code
 * tensorflow/core/util/event.proto}); the first names the format.
 */
package org.bellows.driver.watch.tensorboard;
