using Npgsql;

namespace MassMessaging.Kernel;

internal static class Conflicts
{
    /// <summary>What deciding again may cure: a stream started or advanced by another session, or a deadlock that PostgreSQL resolved.</summary>
    public static bool IsConflict(Exception failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
    } or PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation,
        TableName: "mt_streams" or "mt_events",
    };
}
