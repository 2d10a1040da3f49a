# SPDX-License-Identifier: Apache-2.0
"""Retraining every night with Airflow's SparkSubmitOperator (apache-airflow-providers-apache-spark).

For YARN: the connection's spark-submit (master `yarn`, deploy mode `cluster`) gets the bundle's jar and the
archive of what it needs; everything else is in the target's properties file.

Exit codes. The operator fails when spark-submit does, and then tries every failure again, also a wrong
setting (2) or bad input data (3), after which only a person helps. What the code means depends on
how the driver runs:
- client mode: it is Bellows' own, and is in the operator's message;
- YARN, cluster mode: every failure is 1;
- Kubernetes, cluster mode: spark-submit always ends with 0. The operator looks for "Exit code: N" in the
  log instead, which a change of log levels takes away from it. Use bellows_retrain_operator.py there.
The reliable code is in result.json in output.path, as error.category. A task that
succeeded may have found nothing new: `outcome` there says `unchanged`, `kept` or `promoted`.
"""

from datetime import timedelta

import pendulum
from airflow import DAG
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

BUNDLE = "/opt/bellows"
DATASET = "hdfs://namenode:8020/data/objects/{{ ds }}"

COMMON = {
    "conn_id": "spark_yarn",
    "application": f"{BUNDLE}/submit/bellows.jar",
    "archives": f"{BUNDLE}/submit/bellows-libraries.zip#bellows",
    "java_class": "org.bellows.driver.command.Bellows",
    "properties_file": f"{BUNDLE}/targets/yarn/spark-defaults.conf",
    # Of the driver, on YARN, too: names of files beyond ASCII.
    "env_vars": {"LC_ALL": "C.UTF-8"},
    "retries": 3,
    "retry_delay": timedelta(minutes=10),
}

with DAG(
    "bellows_retrain_submit",
    schedule="15 2 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    # Nights do not overlap, and missed ones are not made up for: the newest data holds all.
    max_active_runs=1,
    catchup=False,
):
    prepare = SparkSubmitOperator(
        task_id="prepare",
        application_args=[
            "prepare",
            "--set=source.path=hdfs://namenode:8020/images",
            f"--set=data.path={DATASET}",
        ],
        **COMMON,
    )
    retrain = SparkSubmitOperator(
        task_id="retrain",
        application_args=[
            "retrain",
            # A file where the driver runs; in YARN's cluster mode on every node.
            "--profile=/etc/bellows/objects.conf",
            f"--set=data.path={DATASET}",
        ],
        **COMMON,
    )
    prepare >> retrain
