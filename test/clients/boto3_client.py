"""Drives the local AWS with boto3 as a user would. Prints one JSON object for each thing tried."""
import json
import threading

import boto3
from botocore.exceptions import ClientError

ecs = boto3.client("ecs")
SERVICE = {"cluster": "production", "services": ["worker"]}


def tried(what, attempt):
    try:
        attempt()
        print(json.dumps({"what": what, "outcome": "passed"}), flush=True)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        detail = f"{type(error).__name__}: {error}"
        print(json.dumps({"what": what, "outcome": "failed", "detail": detail}), flush=True)


def refused(error_type, call):
    try:
        call()
    except error_type:
        return
    raise AssertionError(f"expected {error_type.__name__}")


def identity():
    assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"


def pages():
    pages = ecs.get_paginator("list_tasks").paginate(
        cluster="production", PaginationConfig={"PageSize": 1}
    )
    assert len([arn for page in pages for arn in page["taskArns"]]) >= 6


def rollout():
    """Registers what runs as a new revision, deploys it, and waits as boto3 waits."""
    running = ecs.describe_services(**SERVICE)["services"][0]["taskDefinition"]
    definition = ecs.describe_task_definition(taskDefinition=running)["taskDefinition"]
    keys = "family cpu memory networkMode requiresCompatibilities executionRoleArn containerDefinitions"
    revision = ecs.register_task_definition(**{key: definition[key] for key in keys.split()})
    arn = revision["taskDefinition"]["taskDefinitionArn"]
    ecs.update_service(cluster="production", service="worker", taskDefinition=arn)
    # Reads of ECS lag behind writes: a waiter that looks too early sees the stable service of before.
    while ecs.describe_services(**SERVICE)["services"][0]["taskDefinition"] != arn:
        pass
    ecs.get_waiter("services_stable").wait(WaiterConfig={"Delay": 1, "MaxAttempts": 90}, **SERVICE)
    service = ecs.describe_services(**SERVICE)["services"][0]
    assert service["taskDefinition"] == arn, service["taskDefinition"]
    assert len(service["deployments"]) == 1


def tasks_running():
    arns = ecs.list_tasks(cluster="production", serviceName="worker")["taskArns"]
    ecs.get_waiter("tasks_running").wait(
        cluster="production", tasks=arns, WaiterConfig={"Delay": 1, "MaxAttempts": 90}
    )


def alarms():
    cloudwatch = boto3.client("cloudwatch")
    names = [a["AlarmName"] for p in cloudwatch.get_paginator("describe_alarms").paginate() for a in p["MetricAlarms"]]
    assert "web-5xx" in names, names
    refused(
        cloudwatch.exceptions.ResourceNotFound,
        lambda: cloudwatch.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="x"),
    )


def queues():
    sqs = boto3.resource("sqs")
    queue = sqs.create_queue(QueueName="from-boto3")
    queue.send_message(MessageBody="hello", MessageAttributes={"b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}})
    [message] = queue.receive_messages(MessageAttributeNames=["All"])
    assert message.body == "hello"
    assert message.message_attributes["b"]["BinaryValue"] == b"\x00\xff"
    message.delete()
    queue.delete()


def table():
    dynamodb = boto3.resource("dynamodb")
    table = dynamodb.create_table(
        TableName="from-boto3",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    table.wait_until_exists()
    table.put_item(Item={"id": "a", "n": 1})
    assert table.get_item(Key={"id": "a"})["Item"]["n"] == 1
    table.delete()


def images():
    ecr = boto3.client("ecr")
    assert ecr.describe_images(repositoryName="shop/web")["imageDetails"]
    refused(ecr.exceptions.RepositoryNotFoundException, lambda: ecr.describe_images(repositoryName="none"))


def refusals():
    refused(ecs.exceptions.ClusterNotFoundException, lambda: ecs.describe_services(cluster="none", services=["a"]))
    refused(ClientError, lambda: ecs.describe_services(cluster="production", services=[str(n) for n in range(11)]))


def threads():
    """Forty threads with a client each, at once."""
    errors = []

    def ask():
        try:
            client = boto3.session.Session().client("ecs")
            assert client.describe_services(**SERVICE)["services"]
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    started = [threading.Thread(target=ask) for _ in range(40)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    assert not errors, errors[0]


tried(f"{boto3.__version__} STS: who am I", identity)
tried("ECS: every page of tasks", pages)
tried("ECS: a rollout, and the waiter services_stable", rollout)
tried("ECS: the waiter tasks_running", tasks_running)
tried("ECS: the exceptions of its model", refusals)
tried("ECS: forty threads at once", threads)
tried("CloudWatch: pages of alarms, an exception of its model", alarms)
tried("SQS: a resource, binary attributes", queues)
tried("DynamoDB: a table from its making to its end", table)
tried("ECR: images, an exception of its model", images)
