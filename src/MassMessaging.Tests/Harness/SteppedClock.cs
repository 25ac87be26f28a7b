using System.Globalization;

namespace MassMessaging.Tests.Harness;

/// <summary>
/// The clock of one database, which a spec may set ahead or back while the service runs: in this database alone <c>clock_timestamp()</c>,
/// the one thing that the service asks it, is another function. The server's own clock, and with it everybody else's, stays.
/// </summary>
public static class SteppedClock
{
    private const string Install = """
        set allow_system_table_mods = on;
        alter function pg_catalog.clock_timestamp() rename to server_clock_timestamp;
        create table public.clock_step (step interval not null);
        insert into public.clock_step values (interval '0');
        create function pg_catalog.clock_timestamp() returns timestamptz language sql volatile
            as 'select pg_catalog.server_clock_timestamp() + (select step from public.clock_step)';
        reset allow_system_table_mods;
        """;

    public static Task In(TestDatabase database) => database.Execute(Install);

    /// <param name="by">Added to all steps before it.</param>
    public static Task Step(TestDatabase database, TimeSpan by) => database.Execute(
        string.Create(CultureInfo.InvariantCulture, $"update public.clock_step set step = step + interval '{by.TotalMicroseconds} microseconds'"));
}
