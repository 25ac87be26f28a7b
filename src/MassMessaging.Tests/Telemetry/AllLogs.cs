using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MassMessaging.Tests.Telemetry;

/// <summary>Everything that is said: sentences, what they were made of, and exceptions. No format of ours writes scopes.</summary>
internal sealed class AllLogs : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> said = new();

    public IReadOnlyList<string> Said => [.. said];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        said.Enqueue($"{formatter(state, exception)}\n{Parts(state)}\n{exception}");

    public void Dispose()
    {
        // It is looked at after the service has gone.
    }

    private static string Parts(object? state) => state is IEnumerable<KeyValuePair<string, object?>> parts
        ? string.Join(' ', parts.Select(part => $"{part.Key}={part.Value}"))
        : state?.ToString() ?? "";
}
