// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.render;

import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Locale;

/** The classes: each a shape within the square from (-1, -1) to (1, 1), to be turned and scaled. */
enum SyntheticShape {
  CHECKERBOARD {
    @Override
    Shape shape() {
      Area area = new Area();
      for (int row = 0; row < CELLS; row++) {
        for (int column = row % 2; column < CELLS; column += 2) {
          double cell = 2.0 / CELLS;
          area.add(
              new Area(new Rectangle2D.Double(-1 + column * cell, -1 + row * cell, cell, cell)));
        }
      }
      return area;
    }
  },
  CIRCLE {
    @Override
    Shape shape() {
      return disc(1);
    }
  },
  CROSS {
    @Override
    Shape shape() {
      Area area = new Area(new Rectangle2D.Double(-1, -0.3, 2, 0.6));
      area.add(new Area(new Rectangle2D.Double(-0.3, -1, 0.6, 2)));
      return area;
    }
  },
  RING {
    @Override
    Shape shape() {
      Area area = new Area(disc(1));
      area.subtract(new Area(disc(0.55)));
      return area;
    }
  },
  SQUARE {
    @Override
    Shape shape() {
      return new Rectangle2D.Double(-0.85, -0.85, 1.7, 1.7);
    }
  },
  STAR {
    @Override
    Shape shape() {
      return polygon(5, 0.4);
    }
  },
  STRIPES {
    @Override
    Shape shape() {
      Area area = new Area();
      for (int stripe = 0; stripe < CELLS; stripe++) {
        area.add(new Area(new Rectangle2D.Double(-1, -1 + stripe * 2.0 / CELLS, 2, 1.0 / CELLS)));
      }
      return area;
    }
  },
  TRIANGLE {
    @Override
    Shape shape() {
      // The inner radius of a plain triangle's edge: 1/2.
      return polygon(3, 0.5);
    }
  };

  private static final int CELLS = 4;

  abstract Shape shape();

  String className() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static Shape disc(double radius) {
    return new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius);
  }

  /** Corners on the unit circle, with points at {@code innerRadius} between them. */
  private static Shape polygon(int corners, double innerRadius) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < 2 * corners; i++) {
      double radius = i % 2 == 0 ? 1 : innerRadius;
      double angle = StrictMath.PI * i / corners;
      double x = radius * StrictMath.sin(angle);
      double y = -radius * StrictMath.cos(angle);
      if (i == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    path.closePath();
    return path;
  }
}
