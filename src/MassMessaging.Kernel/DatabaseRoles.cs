namespace MassMessaging.Kernel;

/// <summary>
/// The two roles that the service drops to, transaction by transaction, whoever it connected as: <c>&lt;schema&gt;_app</c> for requests,
/// which a policy on every table of profiles keeps to the rows of <c>app.tenant_id</c>, and <c>&lt;schema&gt;_worker</c> for its own work
/// over all profiles. Neither changes or deletes an event. The owner of the tables (migrations, rebuilds, Marten) is bound by no policy.
/// </summary>
internal sealed class DatabaseRoles(KernelOptions options)
{
    // Roles are of the whole server: another database's migration may be making them at the same time.
    private const string Make = """
        do $do$
        declare
            role text;
            is_mine boolean;
        begin
            foreach role in array array['{app}', '{worker}'] loop
                begin
                    if not exists (select from pg_roles where rolname = role) then execute format('create role %I nologin', role); end if;
                exception when duplicate_object or unique_violation then null;
                end;
                -- From 16 on a member is not always allowed to become what it is a member of.
                execute format('select pg_has_role(current_user, %L, %L)', role,
                    case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) into is_mine;
                if not is_mine then execute format('grant %I to %I', role, current_user); end if;
            end loop;
        exception when insufficient_privilege then
            raise insufficient_privilege using message = format(
                'the user %s may not create the roles that the service drops to. An administrator can: '
                'create role "{app}" nologin; create role "{worker}" nologin; grant "{app}", "{worker}" to %I;', current_user, current_user);
        end
        $do$
        """;

    // Whatever a migration adds is covered: a table of profiles without a policy cannot be forgotten.
    private const string Protect = """
        do $do$
        declare
            tables record;
            owned record;
            own text;
        begin
            grant usage on schema "{schema}" to "{app}", "{worker}";
            alter default privileges in schema "{schema}" grant select, insert, update, delete on tables to "{worker}";
            alter default privileges in schema "{schema}" grant usage on sequences to "{worker}";
            grant select, insert, update, delete on all tables in schema "{schema}" to "{worker}";
            grant usage on all sequences in schema "{schema}" to "{app}", "{worker}";
            for tables in
                select c.relname as name, min(a.attname) as of_profile
                from pg_class c
                join pg_attribute a on a.attrelid = c.oid and a.attname in ('profile_id', 'tenant_id') and not a.attisdropped
                where c.relnamespace = '"{schema}"'::regnamespace and c.relkind in ('r', 'p')
                  and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'own_profile')
                group by c.relname
            loop
                own := case tables.of_profile
                    when 'tenant_id' then 'tenant_id = current_setting(''app.tenant_id'', true)'
                    else 'profile_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid'
                end;
                execute format('alter table %I enable row level security', tables.name);
                execute format('create policy own_profile on %I to "{app}" using (%s) with check (%2$s)', tables.name, own);
                execute format('create policy every_profile on %I to "{worker}" using (true) with check (true)', tables.name);
                execute format('grant select, insert, update, delete on %I to "{app}"', tables.name);
            end loop;
            -- A function of the owner's looks for its tables among the caller's temporary ones first, unless they are named last.
            for owned in
                select p.oid::regprocedure as name, substr(path.setting, length('search_path=') + 1) as folders
                from pg_proc p
                cross join unnest(p.proconfig) as path (setting)
                where p.pronamespace = '"{schema}"'::regnamespace and p.prosecdef
                  and path.setting like 'search_path=%' and path.setting not like '%pg\_temp%'
            loop
                execute format('alter function %s set search_path to %s, pg_temp', owned.name, owned.folders);
            end loop;
            revoke update, delete on mt_events from "{app}", "{worker}";
            revoke delete on mt_streams from "{app}", "{worker}";
        end
        $do$
        """;

    /// <summary>Back to the user who connected, until the session enters a role again.</summary>
    public const string Leave = "reset role";

    private readonly string app = $"{options.Schema}_app";
    private readonly string worker = $"{options.Schema}_worker";

    /// <summary>Before the migrations: they may name the roles.</summary>
    public string Creation => Filled(Make);

    /// <summary>After the migrations.</summary>
    public string Protection => Filled(Protect);

    /// <summary>Drops to the scope's role until the transaction ends.</summary>
    public string Enter(RowScope scope) => scope.IsRequest
        ? $"select set_config('role', '{app}', true), set_config('app.tenant_id', '{scope.Profile}', true)"
        : $"select set_config('role', '{worker}', true)";

    private string Filled(string sql) => sql
        .Replace("{app}", app, StringComparison.Ordinal)
        .Replace("{worker}", worker, StringComparison.Ordinal)
        .Replace("{schema}", options.Schema, StringComparison.Ordinal);
}
