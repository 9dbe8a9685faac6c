# What README.md and docs/ call, of one stack. To be sourced, by sh from the project's folder, by bash and zsh from any:
#
#   . bin/stack.sh
#   STACK=touchline-staging      # a deployed stack, with the AWS CLI and its credentials
#   STACK=local                  # the local run, with its defaults or its API_PORT, LAMBDA_PORT and SECRETS_PORT
#
#   output NAME                        prints an output of the stack, such as ApiUrl
#   resource LOGICAL_ID                prints the name that the stack gave a function or a table
#   parameter NAME                     prints what a parameter of the stack is set to
#   invoke FUNCTION [PAYLOAD]          invokes a function and prints its result
#   api METHOD PATH [BODY]             calls a route, signed for IAM, and prints the answer
#   logs FUNCTION [SINCE]              follows the log of one function; SINCE is such as 2h
#   secret OUTPUT                      prints a secret, by its output such as WebhookKeysSecretArn
#   put_secret OUTPUT FILE             makes what is in a file the secret's value
#   forget_secrets                     starts the functions anew that compare keys and tokens, and waits until they are
#   copy_missing_rows FROM TO          copies the rows of a table that another does not have
#
# PAYLOAD and BODY are texts, @FILE, or - for the standard input. Each fails where something failed: an answer of 400 or above, a
# function that ended by an error, nobody who answers, a stack, an output or a parameter that there is not. What failed says so on
# standard error. None waits for longer than 910 seconds, which is a function's longest time and a little, but logs, and what waits for
# a deployment.

# Where the project is: what is sourced is known to bash and zsh, and not to others.
if [ -n "${BASH_SOURCE:-}" ]; then
  TOUCHLINE_FOLDER=$(CDPATH= cd -- "$(dirname -- "$BASH_SOURCE")/.." && pwd)
elif [ -n "${ZSH_VERSION:-}" ]; then
  TOUCHLINE_FOLDER=$(eval 'CDPATH= cd -- "${${(%):-%x}:A:h}/.." && pwd')
else
  TOUCHLINE_FOLDER=$(pwd)
fi

# Whether STACK says which one.
stack_is_named() {
  [ -n "${STACK:-}" ] && return
  echo "STACK is not set: local, or the name of a deployed stack such as touchline-staging" >&2
  return 2
}

stack_is_deployed() {
  stack_is_named || return
  [ "$STACK" != local ] && return
  echo "$1: not of the local run, whose terminal shows what the functions log, and which forgets everything when it is started anew" >&2
  return 2
}

# found WHAT VALUE: prints it, unless the AWS CLI found none.
found() {
  case $2 in
    '' | None)
      echo "the stack $STACK has no $1" >&2
      return 1
      ;;
  esac
  printf '%s\n' "$2"
}

output() {
  stack_is_named || return
  if [ "$STACK" = local ]; then
    stack_value=$(local_output "$1")
  else
    stack_value=$(aws cloudformation describe-stacks --stack-name "$STACK" \
      --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text) || return
  fi
  found "output $1" "$stack_value"
}

# The template's own words, with the local run in the place of AWS's host name, and its names of the secrets.
local_output() {
  sed -n "/^Outputs:/,\$ { /^  $1:/,/^    Value:/ {
    s|^    Value: !Sub\$|http://127.0.0.1:${API_PORT:-3000}|p
    s|^    Value: !Sub \[.\${Base}\([^,]*\).,.*|http://127.0.0.1:${API_PORT:-3000}\1|p
    s|^    Value: !Ref \(.*Secret\)\$|touchline-\1|p
    s|^    Value: !Ref EventBus\$|touchline|p
    s|^    Value: \"\(.*\)\"|\1|p
  }; }" "$TOUCHLINE_FOLDER/template.yaml"
}

resource() {
  stack_is_deployed resource || return
  aws cloudformation describe-stack-resource --stack-name "$STACK" --logical-resource-id "$1" \
    --query StackResourceDetail.PhysicalResourceId --output text
}

parameter() {
  stack_is_deployed parameter || return
  stack_value=$(aws cloudformation describe-stacks --stack-name "$STACK" \
    --query "Stacks[0].Parameters[?ParameterKey=='$1'].[ParameterKey,ParameterValue]" --output text) || return
  found "parameter $1" "$stack_value" >/dev/null || return
  # An empty one is a value too.
  printf '%s\n' "$stack_value" | cut -f 2
}

# The template and every other parameter stay as they are deployed: only what names SecretsVersion is updated.
forget_secrets() {
  stack_is_deployed forget_secrets || return
  stack_value=$(aws cloudformation describe-stacks --stack-name "$STACK" \
    --query "Stacks[0].Parameters[?ParameterKey!='SecretsVersion'].[ParameterKey]" --output text) || return
  set -- --parameters "ParameterKey=SecretsVersion,ParameterValue=$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  while read -r stack_parameter; do
    [ -z "$stack_parameter" ] || set -- "$@" "ParameterKey=$stack_parameter,UsePreviousValue=true"
  done <<END
$stack_value
END
  aws cloudformation update-stack --stack-name "$STACK" --use-previous-template \
    --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND "$@" --query StackId --output text &&
    aws cloudformation wait stack-update-complete --stack-name "$STACK"
}

# given TEXT|@FILE|- FILE: writes what was given into a file.
given() {
  case $1 in
    -) cat >"$2" ;;
    @*) cat <"${1#@}" >"$2" ;;
    *) printf %s "$1" >"$2" ;;
  esac
}

# A shell of its own: what it makes is gone when it ends, however that is.
invoke() (
  stack_is_named || exit
  if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: invoke FUNCTION [PAYLOAD], where PAYLOAD is a text, @FILE or -; {} unless given" >&2
    exit 2
  fi
  umask 077
  scratch=$(mktemp -d) || exit
  trap 'rm -rf "$scratch"' EXIT
  if [ $# -eq 2 ]; then given "$2" "$scratch/payload"; else given '{}' "$scratch/payload"; fi || exit
  if [ "$STACK" = local ]; then
    status=$(curl -sS --max-time 910 -D "$scratch/headers" -o "$scratch/result" -w '%{http_code}' \
      "http://127.0.0.1:${LAMBDA_PORT:-3001}/2015-03-31/functions/$1/invocations" \
      -H 'Content-Type: application/json' --data-binary "@$scratch/payload") || exit
    error=$(tr -d '\r' <"$scratch/headers" | sed -n 's/^[Xx]-[Aa]mz-[Ff]unction-[Ee]rror: //p')
    [ "$status" = 200 ] || error="answered $status"
  else
    function=$(resource "$1") || exit
    # After its default of a minute the CLI would give up and invoke again. To be tried once: what is on demand may take long.
    error=$(AWS_MAX_ATTEMPTS=1 aws lambda invoke --function-name "$function" --payload "fileb://$scratch/payload" \
      --cli-read-timeout 910 --query FunctionError --output text "$scratch/result") || {
      echo "$1: no result; it may be running on, and its log tells" >&2
      exit 1
    }
  fi
  case $error in
    '' | None)
      cat "$scratch/result"
      echo
      ;;
    *)
      echo "$1 failed ($error): $(cat "$scratch/result")" >&2
      exit 1
      ;;
  esac
)

api() (
  stack_is_named || exit
  if [ $# -lt 2 ] || [ $# -gt 3 ]; then
    echo "usage: api METHOD PATH [BODY], where BODY is a text, @FILE or -" >&2
    exit 2
  fi
  umask 077
  scratch=$(mktemp -d) || exit
  trap 'rm -rf "$scratch"' EXIT
  url=${API_URL:-$(output ApiUrl)} || exit
  method=$1
  path=$2
  if [ $# -eq 3 ]; then
    given "$3" "$scratch/body" || exit
    set -- -H 'Content-Type: application/json' --data-binary "@$scratch/body"
  else
    set --
  fi
  status=$(signed_curl -sS --max-time 40 -o "$scratch/answer" -w '%{http_code}' -X "$method" "$url$path" "$@") || exit
  answer=
  [ ! -s "$scratch/answer" ] || answer=$(cat "$scratch/answer")
  if [ "$status" -ge 400 ]; then
    echo "$method $path was answered $status: $answer" >&2
    exit 1
  fi
  printf '%s\n' "$answer"
)

# curl with a signature for IAM, in a shell of its own: the credentials stay out of yours, and out of the list of processes.
signed_curl() (
  if [ "$STACK" = local ]; then
    curl "$@"
    exit
  fi
  if [ -z "${AWS_ACCESS_KEY_ID:-}" ]; then
    exported=$(aws configure export-credentials --format env) || exit
    eval "$exported"
  fi
  region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}
  if [ -z "$region" ]; then
    echo "no region is set: export AWS_REGION=us-east-1" >&2
    exit 2
  fi
  {
    echo "user = \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\""
    [ -z "${AWS_SESSION_TOKEN:-}" ] || echo "header = \"x-amz-security-token: $AWS_SESSION_TOKEN\""
  } | curl -K - --aws-sigv4 "aws:amz:$region:execute-api" "$@"
)

# All functions share a log group; the name of a stream is the day, and then the function's.
logs() (
  stack_is_deployed logs || exit
  group=$(output FunctionLogsName) && function=$(resource "$1") || exit
  aws logs tail "$group" --follow --format short --since "${2:-10m}" \
    --log-stream-name-prefix "$(date -u +%Y/%m/%d)/$function["
)

secret() (
  id=$(output "$1") || exit
  secrets_manager get-secret-value --secret-id "$id" --query SecretString --output text
)

put_secret() (
  id=$(output "$1") || exit
  secrets_manager put-secret-value --secret-id "$id" --secret-string "file://$2" --query VersionId --output text
)

# The AWS CLI; the local run looks at no credentials, but the CLI will have some.
secrets_manager() {
  if [ "$STACK" = local ]; then
    AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_SESSION_TOKEN= AWS_DEFAULT_REGION=us-east-1 AWS_REGION=us-east-1 \
      aws secretsmanager --endpoint-url "http://127.0.0.1:${SECRETS_PORT:-8001}" "$@"
  else
    aws secretsmanager "$@"
  fi
}

# 25 rows a request, each of which is put in only if there is none of its key. A list of names and values in quotes knows no
# reserved words. May be repeated.
copy_missing_rows() (
  umask 077
  scratch=$(mktemp -d) || exit
  trap 'rm -rf "$scratch"' EXIT
  from=$1
  to=$2
  rows=0
  copied=0
  set --
  while :; do
    aws dynamodb scan --table-name "$from" --consistent-read --max-items 1000 --output json "$@" >"$scratch/page" || exit
    jq -c --arg to "$to" '[.Items[] | {
        Statement: ("INSERT INTO \"" + $to + "\" VALUE {" + (keys_unsorted | map("\u0027" + . + "\u0027: ?") | join(", ")) + "}"),
        Parameters: [.[]]}]
      | _nwise(25) | select(length > 0) | {Statements: .}' "$scratch/page" >"$scratch/requests" || exit
    while read -r request; do
      printf %s "$request" >"$scratch/request"
      aws dynamodb batch-execute-statement --cli-input-json "file://$scratch/request" --output json >"$scratch/answer" || exit
      jq -r '.Responses[] | .Error // empty | select(.Code != "DuplicateItem") | "\(.Code): \(.Message)"' "$scratch/answer" \
        >"$scratch/errors" || exit
      if [ -s "$scratch/errors" ]; then
        echo "$to: not every row could be put in; repeat it. The first reason: $(head -n 1 "$scratch/errors")" >&2
        exit 1
      fi
      rows=$((rows + $(jq '.Responses | length' "$scratch/answer")))
      copied=$((copied + $(jq '[.Responses[] | select(.Error == null)] | length' "$scratch/answer")))
    done <"$scratch/requests"
    next=$(jq -r '.NextToken // empty' "$scratch/page") || exit
    [ -n "$next" ] || break
    set -- --starting-token "$next"
  done
  echo "$copied of $rows rows were missing and are copied"
)
