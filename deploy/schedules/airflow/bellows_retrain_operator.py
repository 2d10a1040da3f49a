# SPDX-License-Identifier: Apache-2.0
"""Retraining every night with Airflow's SparkKubernetesOperator (apache-airflow-providers-cncf-kubernetes)
and the Spark operator.

Exit codes. The task waits for the driver's pod and fails when that does, whatever its code: 2
(configuration) and 3 (input data) are tried again, too, although only a person helps. result.json in
output.path tells why. A task that is cleared while it runs may find its own lease, and fails with 4,
for retrain.lease-seconds.
"""

from datetime import timedelta

import pendulum
from airflow import DAG
from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator

with DAG(
    "bellows_retrain_operator",
    schedule="15 2 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    max_active_runs=1,
    catchup=False,
):
    SparkKubernetesOperator(
        task_id="retrain",
        namespace="bellows",
        # A template: beside this file, or below the DAG's template_searchpath.
        application_file="bellows-retrain.yaml",
        kubernetes_conn_id="kubernetes_default",
        # The application's own restartPolicy is Never: one of the two is enough.
        retries=3,
        retry_delay=timedelta(minutes=10),
    )
