"""Repositories to measure on, made once below build/bench by git fast-import; the same bytes on every machine."""
import os
import shutil
import subprocess

TYPES = ["feat", "fix", "docs", "chore", "refactor", "test", "perf", "ci"]
AREAS = ["auth", "scores", "teams", "search", "odds", "cache", "webhooks", "db"]
AUTHORS = ["Maria Keller <maria@example.org>", "Jon Ålesund <jon@example.org>", "Priya Raman <priya@example.org>"]


def environment(place):
    """Nothing of the person's own, a home of its own, no colours asked for."""
    home = os.path.join(place, "home")
    os.makedirs(home, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    kept.update(HOME=home, XDG_CONFIG_HOME=home + "/config", XDG_STATE_HOME=home + "/state", XDG_CACHE_HOME=home + "/cache",
                GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", LC_ALL="C.UTF-8", GIT_PAGER="cat")
    return kept


def write_stream(out, commits, tags):
    """A line of commits; `tags` versions spread over it, every second one annotated, v1.0.0 on the first commit."""
    put = out.write
    tagged = {}
    for i in range(tags):
        at = 1 if tags == 1 else 1 + i * (commits - 1) // (tags - 1)
        tagged.setdefault(at, []).append("v1.0.0" if i == 0 else f"v1.{i // 100}.{i % 100}")
    when = 1262304000
    for i in range(1, commits + 1):
        when += 3571
        who = AUTHORS[i % 3]
        words = f"{TYPES[i % 8]}({AREAS[i // 3 % 8]}): change number {i} of something that matters"
        message = (words + (f"\n\nWhy it was needed, in a sentence or two.\nAnd a second line.\n\nRefs: #{i}\n"
                            if i % 3 == 0 else "\n")).encode()
        put(b"commit refs/heads/main\nmark :%d\ncommitter %s %d +0000\ndata %d\n%s\n" % (i, who.encode(), when, len(message), message))
        body = b"%d\n" % i
        put(b"M 100644 inline f%d\ndata %d\n%s\n" % (i % 50, len(body), body))
        for name in tagged.get(i, []):
            if len(name) % 2:
                put(b"reset refs/tags/%s\nfrom :%d\n\n" % (name.encode(), i))
            else:
                put(b"tag %s\nfrom :%d\ntagger %s %d +0000\ndata %d\n%s\n" % (name.encode(), i, who.encode(), when, len(name), name.encode()))
    put(b"done\n")


def build_repository(place, name, commits, tags):
    path = os.path.join(place, name)
    if os.path.isdir(path):
        return path
    scratch = path + ".making"
    shutil.rmtree(scratch, ignore_errors=True)
    env = environment(place)

    def git(*argv, **more):
        return subprocess.run(["git", "-C", scratch, *argv], env=env, check=True, **more)
    os.makedirs(scratch)
    git("init", "-q", "-b", "main")
    importer = subprocess.Popen(["git", "-C", scratch, "fast-import", "--quiet", "--done"], stdin=subprocess.PIPE, env=env)
    write_stream(importer.stdin, commits, tags)
    importer.stdin.close()
    if importer.wait() != 0:
        raise SystemExit("git fast-import failed")
    git("reset", "-q", "--hard", "main")
    # As a clone is: one pack, packed references, a commit-graph.
    git("gc", "-q")
    git("commit-graph", "write", "--reachable")
    os.rename(scratch, path)
    return path
