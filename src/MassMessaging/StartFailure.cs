using MassMessaging.EmbeddedPostgres;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace MassMessaging;

/// <summary>What a person reads when the service does not start: the reason, without a stack trace.</summary>
internal static class StartFailure
{
    public static string? Of(Exception error) => error switch
    {
        SettingsException or PostgresUnavailableException => error.Message,
        OperationCanceledException => "Interrupted while starting.",
        NpgsqlException => $"The database cannot be used: {error.Message}",
        IOException { InnerException: AddressInUseException } => $"{error.Message} Choose another with ASPNETCORE_URLS.",
        _ => null,
    };
}
