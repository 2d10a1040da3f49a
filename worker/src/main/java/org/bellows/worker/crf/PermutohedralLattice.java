// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.crf;

import java.util.Arrays;

/**
 * Gaussian filter of values at scattered points of d dimensions, in time linear in their number
 * (Adams, Baek, Davis 2010, "Fast High-Dimensional Filtering Using the Permutohedral Lattice"):
 * every point gives its value to the d + 1 vertices of the simplex that contains it ("splat"),
 * vertices are blurred along each of the d + 1 directions with the weights 1/2, 1, 1/2, and every
 * point takes its share of them back ("slice"). The result approximates sum over j of exp(-|f_i -
 * f_j|^2 / 2) v_j up to a factor that is the same for all points; the term j = i is part of it.
 *
 * <p>Single-threaded, in single precision, vertices in the order of the points that touch them
 * first: equal input gives equal bits. Holds 8 (d + 1) bytes a point and a vertex, and while it
 * filters 8 bytes a vertex and channel of a group of {@link #GROUP}.
 */
final class PermutohedralLattice {
  /** Channels that are filtered together. */
  private static final int GROUP = 8;

  private final int points;
  private final int dimensions;

  /** [points, d + 1]: the vertices of each point's simplex, from 1. */
  private final int[] simplex;

  /** [points, d + 1]: barycentric coordinates. */
  private final float[] shares;

  /** [d + 1, vertices, 2]: the vertices on both sides in a direction, from 1; 0: none. */
  private final int[] neighbours;

  private final int vertices;

  /**
   * @param features [points, d], divided by the standard deviations of the Gaussian
   */
  PermutohedralLattice(float[] features, int dimensions) {
    this.dimensions = dimensions;
    this.points = features.length / dimensions;
    this.simplex = new int[Math.multiplyExact(points, dimensions + 1)];
    this.shares = new float[simplex.length];
    LatticeVertices found = new LatticeVertices(dimensions);
    new Embedding().place(features, found);
    this.vertices = found.count();
    this.neighbours = neighbours(found);
  }

  int vertices() {
    return vertices;
  }

  /** What a lattice holds. */
  static long heldBytes(long points, long vertices, int dimensions) {
    return 2L * Integer.BYTES * (dimensions + 1) * (points + vertices);
  }

  /** What it takes beside while it filters. */
  static long filteringBytes(long vertices) {
    return 2L * Float.BYTES * GROUP * vertices;
  }

  /** Finds each point's simplex (section 3 of the paper, names as there). */
  private final class Embedding {
    private final int corners = dimensions + 1;
    private final float[] elevated = new float[corners];
    private final int[] remainder = new int[corners];
    private final int[] rank = new int[corners];
    private final float[] barycentric = new float[corners + 1];
    private final int[] key = new int[dimensions];
    private final float[] scale = new float[dimensions];

    Embedding() {
      // The blur has the variance 3/2 in units of the lattice's edges.
      double deviation = Math.sqrt(2.0 / 3) * corners;
      for (int i = 0; i < dimensions; i++) {
        scale[i] = (float) (deviation / Math.sqrt((i + 1.0) * (i + 2.0)));
      }
    }

    void place(float[] features, LatticeVertices found) {
      for (int point = 0; point < points; point++) {
        elevate(features, point * dimensions);
        findRemainder();
        findShares();
        for (int r = 0; r < corners; r++) {
          for (int i = 0; i < dimensions; i++) {
            key[i] = remainder[i] + r - (rank[i] > dimensions - r ? corners : 0);
          }
          simplex[point * corners + r] = found.add(key);
          shares[point * corners + r] = barycentric[r];
        }
      }
    }

    /** Into the hyperplane of d + 1 coordinates whose sum is 0. */
    private void elevate(float[] features, int at) {
      float sum = 0;
      for (int i = dimensions; i > 0; i--) {
        float scaled = features[at + i - 1] * scale[i - 1];
        elevated[i] = sum - i * scaled;
        sum += scaled;
      }
      elevated[0] = sum;
    }

    /** The nearest vertex of colour 0, and the order of the distances from it. */
    private void findRemainder() {
      int sum = 0;
      for (int i = 0; i < corners; i++) {
        int nearest = Math.round(elevated[i] / corners);
        remainder[i] = nearest * corners;
        sum += nearest;
      }
      Arrays.fill(rank, 0);
      for (int i = 0; i < dimensions; i++) {
        float mine = elevated[i] - remainder[i];
        for (int j = i + 1; j < corners; j++) {
          if (mine < elevated[j] - remainder[j]) {
            rank[i]++;
          } else {
            rank[j]++;
          }
        }
      }
      for (int i = 0; i < corners; i++) {
        rank[i] += sum;
        if (rank[i] < 0) {
          rank[i] += corners;
          remainder[i] += corners;
        } else if (rank[i] >= corners) {
          rank[i] -= corners;
          remainder[i] -= corners;
        }
      }
    }

    private void findShares() {
      Arrays.fill(barycentric, 0);
      for (int i = 0; i < corners; i++) {
        float delta = (elevated[i] - remainder[i]) / corners;
        barycentric[dimensions - rank[i]] += delta;
        barycentric[corners - rank[i]] -= delta;
      }
      barycentric[0] += 1 + barycentric[corners];
    }
  }

  private int[] neighbours(LatticeVertices found) {
    int[] result = new int[Math.multiplyExact(2 * (dimensions + 1), vertices)];
    int[] before = new int[dimensions];
    int[] after = new int[dimensions];
    int at = 0;
    for (int direction = 0; direction <= dimensions; direction++) {
      for (int vertex = 1; vertex <= vertices; vertex++) {
        for (int i = 0; i < dimensions; i++) {
          int own = found.coordinate(vertex, i);
          before[i] = i == direction ? own + dimensions : own - 1;
          after[i] = i == direction ? own - dimensions : own + 1;
        }
        result[at++] = found.find(before);
        result[at++] = found.find(after);
      }
    }
    return result;
  }

  /**
   * @param values [channels, points]
   * @return the filtered ones, of the same shape
   */
  float[] filter(float[] values) {
    float[] result = new float[values.length];
    int channels = values.length / points;
    for (int first = 0; first < channels; first += GROUP) {
      filter(values, first, Math.min(GROUP, channels - first), result);
    }
    return result;
  }

  private void filter(float[] values, int first, int count, float[] result) {
    // Row 0 is that of vertices that are not there.
    float[] current = new float[Math.multiplyExact(vertices + 1, count)];
    float[] next = new float[current.length];
    splat(values, first, count, current);
    for (int direction = 0; direction <= dimensions; direction++) {
      blur(direction, count, current, next);
      float[] swapped = current;
      current = next;
      next = swapped;
    }
    slice(current, first, count, result);
  }

  private void splat(float[] values, int first, int count, float[] into) {
    int corners = dimensions + 1;
    for (int point = 0; point < points; point++) {
      for (int r = point * corners; r < (point + 1) * corners; r++) {
        float share = shares[r];
        int row = simplex[r] * count;
        for (int c = 0; c < count; c++) {
          into[row + c] += share * values[(first + c) * points + point];
        }
      }
    }
  }

  private void blur(int direction, int count, float[] from, float[] to) {
    int at = direction * vertices * 2;
    for (int vertex = 1; vertex <= vertices; vertex++) {
      int own = vertex * count;
      int before = neighbours[at++] * count;
      int after = neighbours[at++] * count;
      for (int c = 0; c < count; c++) {
        to[own + c] = from[own + c] + 0.5f * (from[before + c] + from[after + c]);
      }
    }
  }

  private void slice(float[] from, int first, int count, float[] result) {
    int corners = dimensions + 1;
    for (int point = 0; point < points; point++) {
      for (int r = point * corners; r < (point + 1) * corners; r++) {
        float share = shares[r];
        int row = simplex[r] * count;
        for (int c = 0; c < count; c++) {
          result[(first + c) * points + point] += share * from[row + c];
        }
      }
    }
  }
}
