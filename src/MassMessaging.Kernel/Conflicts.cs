using Npgsql;

namespace MassMessaging.Kernel;

internal static class Conflicts
{
    /// <summary>
    /// What deciding again may cure: a stream started or advanced by another session, or a deadlock that PostgreSQL resolved.
    /// </summary>
    public static bool IsConflict(Exception failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
    } or PostgresException
    {
        // The foreign key: an event for a stream that nobody started.
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation,
        TableName: "mt_streams" or "mt_events",
    };
}
