# What docs/tour.md, docs/going-live.md and docs/operating.md call, of one stack. To be sourced, in the project's folder:
#
#   . bin/stack.sh
#   STACK=touchline-staging      # a deployed stack, with the AWS CLI and its credentials
#   STACK=local                  # the local run, with its defaults or its API_PORT and LAMBDA_PORT
#
#   output NAME                  prints an output of the stack, such as ApiUrl
#   resource LOGICAL_ID          prints the name that the stack gave a function or a table
#   invoke FUNCTION PAYLOAD      invokes a function and prints its result
#   api METHOD PATH [BODY]       calls a route, signed for IAM, and prints the answer
#   forget_secrets               starts the functions anew that compare keys and tokens, and waits until they are

output() {
  if [ "$STACK" = local ]; then
    local_output "$1"
  else
    aws cloudformation describe-stacks --stack-name "$STACK" \
      --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
  fi
}

# The template's own words, with the local run in the place of AWS's host name.
local_output() {
  sed -n "/^Outputs:/,\$ { /^  $1:/,/^    Value:/ {
    s|^    Value:.*URLSuffix}|http://127.0.0.1:${API_PORT:-3000}|p
    s|^    Value: \"\(.*\)\"|\1|p
  }; }" template.yaml
}

resource() {
  aws cloudformation describe-stack-resource --stack-name "$STACK" --logical-resource-id "$1" \
    --query StackResourceDetail.PhysicalResourceId --output text
}

parameter() {
  aws cloudformation describe-stacks --stack-name "$STACK" \
    --query "Stacks[0].Parameters[?ParameterKey=='$1'].ParameterValue" --output text
}

# The template and every other parameter stay as they are deployed: only what names SecretsVersion is updated.
forget_secrets() {
  set -- --parameters "ParameterKey=SecretsVersion,ParameterValue=$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  for name in $(aws cloudformation describe-stacks --stack-name "$STACK" \
    --query "Stacks[0].Parameters[?ParameterKey!='SecretsVersion'].ParameterKey" --output text); do
    set -- "$@" "ParameterKey=$name,UsePreviousValue=true"
  done
  aws cloudformation update-stack --stack-name "$STACK" --use-previous-template \
    --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND "$@" --query StackId --output text &&
    aws cloudformation wait stack-update-complete --stack-name "$STACK"
}

invoke() {
  if [ "$STACK" = local ]; then
    # By standard input, as below: a list of members is longer than an argument may be.
    printf %s "$2" |
      curl -sS "http://127.0.0.1:${LAMBDA_PORT:-3001}/2015-03-31/functions/$1/invocations" --data-binary @-
  else
    # The CLI would give up after a minute, and invoke again. The result goes through a file: the CLI prints other things besides.
    invoke_result=$(mktemp)
    printf %s "$2" | aws lambda invoke --function-name "$(resource "$1")" --payload fileb:///dev/stdin --cli-read-timeout 0 \
      "$invoke_result" >/dev/null && cat "$invoke_result"
    rm -f "$invoke_result"
  fi
  echo
}

api() {
  if [ $# -eq 3 ]; then
    signed_curl -sS -X "$1" "${API_URL:-$(output ApiUrl)}$2" -H 'Content-Type: application/json' -d "$3"
  else
    signed_curl -sS -X "$1" "${API_URL:-$(output ApiUrl)}$2"
  fi
  echo
}

# curl with a signature for IAM, in a shell of its own: the credentials stay out of yours, and out of the list of processes.
signed_curl() (
  if [ "$STACK" = local ]; then
    curl "$@"
    exit
  fi
  if [ -z "${AWS_ACCESS_KEY_ID:-}" ]; then
    eval "$(aws configure export-credentials --format env)" || exit
  fi
  region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}
  {
    echo "user = \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\""
    [ -z "${AWS_SESSION_TOKEN:-}" ] || echo "header = \"x-amz-security-token: $AWS_SESSION_TOKEN\""
  } | curl -K - --aws-sigv4 "aws:amz:$region:execute-api" "$@"
)
