#!/usr/bin/env bash
# Starts a server on an empty folder or an empty PostgreSQL, and loads it; see README.md, "Server".
#
#   server-load.sh RECORDS [postgresql]
#
# ATTUNE_JAVA_OPTS are the server's, -Xmx4g unless set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

records=$1 store=${2:-embedded} port=6931
key=load.apikey.load.apikey.load.apikey
folder=$(mktemp -d)
data=$folder/data
server=
cluster=
database=()

end() {
    [[ -z $server ]] || { kill "$server" 2>/dev/null && wait "$server" || true; }
    [[ -z $cluster ]] || as_postgres "$programs/pg_ctl" -D "$cluster" -m fast -s stop || true
    rm -rf "$folder"
}
trap end EXIT

as_postgres() {
    if [[ $(id -u) -eq 0 ]]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

# PostgreSQL as Debian configures it: every commit reaches the disk.
start_postgresql() {
    programs=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    [[ -x $programs/initdb ]] || { echo "PostgreSQL is not installed: run ./dev setup." >&2; exit 1; }
    chmod 755 "$folder"
    mkdir "$folder/postgresql"
    [[ $(id -u) -ne 0 ]] || chown postgres "$folder/postgresql"
    as_postgres "$programs/initdb" -D "$folder/postgresql/cluster" -A trust -U attune >/dev/null
    cluster=$folder/postgresql/cluster
    as_postgres "$programs/pg_ctl" -D "$cluster" -w -s -l "$folder/postgresql/log" \
        -o "-p $((port + 1)) -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder/postgresql" start
    as_postgres "$programs/createdb" -h 127.0.0.1 -p $((port + 1)) -U attune load
    database=(--database "jdbc:postgresql://127.0.0.1:$((port + 1))/load")
}

! curl -s "http://127.0.0.1:$port/" >/dev/null || { echo "Something serves port $port already." >&2; exit 1; }

# Prints how long it takes from the command to the first answer.
start_server() {
    local begin
    begin=$(date +%s%N)
    ATTUNE_OWNER_API_KEY=$key ATTUNE_JAVA_OPTS="${ATTUNE_JAVA_OPTS:--Xmx4g}" \
        ./attune server --port $port --data "$data" "${database[@]}" 2>>"$folder/log" &
    server=$!
    until curl -sf "http://127.0.0.1:$port/api/v1/version" >/dev/null; do
        kill -0 $server 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
        sleep 0.1
    done
    printf '%s, s\t%s.%s\n' "$1" $((($(date +%s%N) - begin) / 1000000000)) \
        $((($(date +%s%N) - begin) / 100000000 % 10))
}

peak() {
    printf '%s, MB\t%s\n' "$1" $(($(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$server/status") / 1024))
}

printf 'records, database, options of the JVM\t%s, %s, %s\n' "$records" "$store" "${ATTUNE_JAVA_OPTS:--Xmx4g}"
[[ $store != postgresql ]] || start_postgresql
start_server "start"
status=0
java -Xmx1g -cp "benchmarks/target/classes:$(cat benchmarks/target/classpath.txt)" \
    org.attune.benchmarks.server.ServerLoad "http://127.0.0.1:$port" $key \
    "$records" $((records / 10)) 1000 || status=$?
peak "memory of the server at its peak"
grep -E 'ERROR|WARN' "$folder/log" | head -n 20 >&2 || true
kill $server && wait $server || true
printf 'disk of the data folder, MB\t%s\n' "$(du -sm "$data" | cut -f1)"
[[ -z $cluster ]] || printf 'disk of PostgreSQL, MB\t%s\n' "$(du -sm "$cluster" | cut -f1)"
start_server "start with $records records"
exit $status
