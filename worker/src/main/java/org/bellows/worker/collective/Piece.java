package org.bellows.worker.collective;

/** length floats of an array, from an index on: what is sent, or where what comes is put. */
public record Piece(float[] array, int from, int length) {}
