// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.Serializable;

/**
 * The data that the ranks of one attempt share with each other and with no other process. Equal
 * sessions can talk.
 *
 * @param secret of the job
 * @param attempt counts restarts of the job; ranks of different attempts never talk
 * @param encrypted whether what the ranks say to each other is encrypted
 */
public record Session(JobSecret secret, int attempt, boolean encrypted) implements Serializable {}
