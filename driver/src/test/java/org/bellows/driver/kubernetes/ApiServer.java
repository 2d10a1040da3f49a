// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An API server that keeps what it is given and remembers what was asked. */
final class ApiServer implements AutoCloseable {
  private static final Pattern PATH =
      Pattern.compile(
          "/apis?(?:/networking.k8s.io)?/v1/namespaces/([^/?]+)/([a-z]+)(?:/([^/?]+))?(/[^?]*)?(?:\\?(.*))?");

  /** So that the test's own requests are told from those that it looks at. */
  private static final String OWN_AGENT = "the test";

  private final ConcurrentLinkedQueue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final CrudServer server = CrudServer.start(this::remember);
  private final NamespacedKubernetesClient client;

  ApiServer() {
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl(server.url())
                    .withNamespace("bellows")
                    .withUserAgent(OWN_AGENT)
                    .build())
            .build()
            .adapt(NamespacedKubernetesClient.class);
  }

  /** For {@code --master}. */
  String master() {
    return "k8s://" + server.url();
  }

  private void remember(String agent, String method, String path) {
    if (!OWN_AGENT.equals(agent)) {
      asked.add(new Asked(method, path));
    }
  }

  NamespacedKubernetesClient client() {
    return client;
  }

  /** What rights others needed for their requests so far: {@code verb resource}. */
  Set<String> rightsNeeded() {
    Set<String> rights = new TreeSet<>();
    for (Asked request : asked) {
      rights.add(request.right());
    }
    return rights;
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }

  /** One request, in the words that rules of roles are written in. */
  record Asked(String method, String path) {
    String right() {
      Matcher parts = PATH.matcher(path);
      if (!parts.matches()) {
        return method + " " + path;
      }
      boolean one = parts.group(3) != null;
      String query = String.valueOf(parts.group(5));
      String verb =
          switch (method) {
            case "GET" -> query.contains("watch=true") ? "watch" : one ? "get" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> one ? "delete" : "deletecollection";
            default -> method;
          };
      return verb + " " + parts.group(2) + (parts.group(4) == null ? "" : parts.group(4));
    }
  }
}
