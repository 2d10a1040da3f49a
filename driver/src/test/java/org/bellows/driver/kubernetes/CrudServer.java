// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import org.apache.spark.package$;

/** Fabric8's API server in CRUD mode, which keeps what it is given. */
interface CrudServer extends AutoCloseable {

  /** Hears of each request before it is answered. */
  interface Listener {
    void by(String agent, String method, String path);
  }

  /** In the version of Spark's client; its types are others on each line. */
  static CrudServer start(Listener asked) {
    boolean isSpark4 = package$.MODULE$.SPARK_VERSION().startsWith("4.");
    String type =
        CrudServer.class.getPackageName() + (isSpark4 ? ".VertxCrudServer" : ".OkHttpCrudServer");
    try {
      return (CrudServer)
          Class.forName(type).getDeclaredConstructor(Listener.class).newInstance(asked);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  String url();

  @Override
  void close();
}
