// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;

/**
 * The part of the Spark operator's API {@code sparkoperator.k8s.io/v1beta2} that our manifests use,
 * written down from the types of its interface (kubeflow/spark-operator, api/v1beta2): names,
 * types, which fields must be there, least values. A field that is not here is refused, even where
 * the operator knows it: look it up there before adding it.
 */
final class SparkOperator {
  private SparkOperator() {}

  record SparkApplication(
      @JsonProperty(required = true) String apiVersion,
      @JsonProperty(required = true) String kind,
      @JsonProperty(required = true) ObjectMeta metadata,
      @JsonProperty(required = true) Spec spec) {}

  record ScheduledSparkApplication(
      @JsonProperty(required = true) String apiVersion,
      @JsonProperty(required = true) String kind,
      @JsonProperty(required = true) ObjectMeta metadata,
      @JsonProperty(required = true) Schedule spec) {}

  record Schedule(
      @JsonProperty(required = true) String schedule,
      @JsonProperty(required = true) Spec template,
      ConcurrencyPolicy concurrencyPolicy,
      Integer successfulRunHistoryLimit,
      Integer failedRunHistoryLimit) {}

  enum ConcurrencyPolicy {
    Allow,
    Forbid,
    Replace
  }

  enum Language {
    Java,
    Python,
    Scala,
    R
  }

  enum DeployMode {
    cluster,
    client
  }

  record Spec(
      @JsonProperty(required = true) Language type,
      @JsonProperty(required = true) String sparkVersion,
      DeployMode mode,
      String image,
      String imagePullPolicy,
      String mainClass,
      @JsonProperty(required = true) String mainApplicationFile,
      List<String> arguments,
      Map<String, String> sparkConf,
      List<Volume> volumes,
      @JsonProperty(required = true) Driver driver,
      @JsonProperty(required = true) Executor executor,
      RestartPolicy restartPolicy) {}

  enum Restart {
    Never,
    OnFailure,
    Always
  }

  record RestartPolicy(
      Restart type,
      Integer onFailureRetries,
      Long onFailureRetryInterval,
      Integer onSubmissionFailureRetries,
      Long onSubmissionFailureRetryInterval) {
    RestartPolicy {
      requireAtLeast("onFailureRetries", onFailureRetries, 0);
      requireAtLeast("onFailureRetryInterval", onFailureRetryInterval, 1);
      requireAtLeast("onSubmissionFailureRetries", onSubmissionFailureRetries, 0);
      requireAtLeast("onSubmissionFailureRetryInterval", onSubmissionFailureRetryInterval, 1);
    }
  }

  record Driver(
      Integer cores,
      String memory,
      String memoryOverhead,
      String javaOptions,
      Long terminationGracePeriodSeconds,
      String serviceAccount,
      Map<String, String> labels,
      List<SecretMount> secrets,
      PodSecurityContext podSecurityContext,
      SecurityContext securityContext,
      List<VolumeMount> volumeMounts) {
    Driver {
      requireAtLeast("driver.cores", cores, 1);
    }
  }

  record Executor(
      Integer instances,
      Integer cores,
      String memory,
      String memoryOverhead,
      String javaOptions,
      String serviceAccount,
      Map<String, String> labels,
      List<SecretMount> secrets,
      PodSecurityContext podSecurityContext,
      SecurityContext securityContext,
      List<VolumeMount> volumeMounts) {
    Executor {
      requireAtLeast("executor.instances", instances, 1);
      requireAtLeast("executor.cores", cores, 1);
    }
  }

  enum SecretType {
    Generic,
    GCPServiceAccount,
    HadoopDelegationToken
  }

  record SecretMount(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) String path,
      @JsonProperty(required = true) SecretType secretType) {}

  private static void requireAtLeast(String field, Number actual, long least) {
    if (actual != null && actual.longValue() < least) {
      throw new IllegalArgumentException(
          "%s is %s, expected at least %d".formatted(field, actual, least));
    }
  }
}
