package org.bellows.worker.collective;

import java.util.List;

/** length floats of an array, from an index on: what is sent, or where what comes is put. */
public record Piece(float[] array, int from, int length) {

  static int floats(List<Piece> pieces) {
    int floats = 0;
    for (Piece piece : pieces) {
      floats += piece.length();
    }
    return floats;
  }
}
