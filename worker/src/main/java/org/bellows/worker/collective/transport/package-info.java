// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The direct exchange between ranks over TCP: how they find each other, prove that they belong
 * together, and send frames, encrypted or not. Nothing here knows what the floats mean.
 *
 * <p>Wire format, version 3 (big-endian unless said otherwise). The higher rank of a pair connects
 * to the lower. First they prove to each other that both know the job's secret:
 *
 * <pre>
 * caller  hello      int magic 0x42454C4C ("BELL"), int version 3, int attempt, int caller's rank,
 *                    int callee's rank, int ranks, int 1 if encrypted else 0, 32 random bytes
 * callee  challenge  32 random bytes, then the proof P("callee")
 * caller             P("caller")
 * callee  welcome    P("welcome")
 *
 * P(purpose) = HKDF-Expand(secret, "bellows " + purpose + 0x00 + hello + callee's random bytes), 32 bytes
 * </pre>
 *
 * A peer that sends anything else, or too late, is disconnected. Where too many come that prove
 * nothing, the longest there is sent the byte 0x43 ("C", crowded) in place of a challenge, and
 * disconnected; a rank calls again then. Then frames in both directions: int magic 0x464C4F54
 * ("FLOT"), long sequence number from 0, int number of floats; then the frame's pieces one after
 * the other, as little-endian floats. The number must be the one that the receiver waits for:
 * nothing is allocated by what the wire says.
 *
 * <p>Encrypted, each 262,144 bytes of a frame, header included, and what is left of it are one
 * record of {@link org.bellows.worker.collective.transport.EncryptedChannel}, with the keys
 * P("caller to callee") and P("callee to caller"). Without encryption the handshake keeps strangers
 * out, but nothing protects the traffic after it from an attacker who can write into the network
 * between two ranks.
 */
package org.bellows.worker.collective.transport;
