using System.Text.Json;
using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>Named arguments as the driver takes them: instants in UTC, enums as the snake_case text that columns hold.</summary>
internal static class Arguments
{
    public static void Add(NpgsqlParameterCollection parameters, (string Name, object? Value)[] args)
    {
        foreach (var (name, value) in args)
            parameters.Add(new NpgsqlParameter(name, Stored(value)));
    }

    public static NpgsqlBatchCommand Statement(string text, (string Name, object? Value)[] args)
    {
        var statement = new NpgsqlBatchCommand(text);
        Add(statement.Parameters, args);
        return statement;
    }

    public static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset at => at.ToUniversalTime(),
        IEnumerable<DateTimeOffset> instants => instants.Select(at => at.ToUniversalTime()).ToArray(),
        Enum named => Snake(named.ToString()),
        _ => value,
    };
}
