/**
 * How ranks exchange vectors: the fixed tree that sums are taken in, the slices that ranks own, and
 * the direct exchange over TCP.
 *
 * <p>Wire format (big-endian unless said otherwise). On connecting, the higher rank says hello: int
 * magic 0x42454C4C ("BELL"), int version 1, UTF session, int rank; the lower rank answers with one
 * byte 1, or closes. Then frames in both directions: int magic 0x464C4F54 ("FLOT"), long sequence
 * number from 0, int number of floats, that many little-endian floats.
 */
package org.bellows.worker.collective;
