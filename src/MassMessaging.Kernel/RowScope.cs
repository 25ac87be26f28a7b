namespace MassMessaging.Kernel;

/// <summary>
/// Whose rows the statements of this flow may see and write; PostgreSQL's row-level security enforces it. Outside of every scope it is the
/// service itself, which sees all.
/// </summary>
/// <param name="IsRequest">As the role of requests; else of the service's own work.</param>
/// <param name="Profile">Of a request: null sees and writes nothing.</param>
public readonly record struct RowScope(bool IsRequest, Guid? Profile)
{
    private static readonly AsyncLocal<Frame?> Innermost = new();

    public static RowScope Service { get; }

    /// <summary>Of a flow whose scope has ended (work that a request left behind): the service's.</summary>
    public static RowScope Current => Innermost.Value is { IsOver: false } frame ? frame.Scope : Service;

    /// <summary>Until it is disposed, what this flow asks of the database is of this profile only.</summary>
    /// <param name="profile">Null: nobody is known, and nothing is seen.</param>
    public static IDisposable Of(Guid? profile) => new Frame(new RowScope(IsRequest: true, profile));

    /// <summary>Until it is disposed, this flow acts for the service: what no single profile can see or decide.</summary>
    public static IDisposable OfService() => new Frame(Service);

    private sealed class Frame : IDisposable
    {
        private readonly Frame? outer = Innermost.Value;

        public Frame(RowScope scope)
        {
            Scope = scope;
            Innermost.Value = this;
        }

        public RowScope Scope { get; }

        public bool IsOver { get; private set; }

        public void Dispose()
        {
            IsOver = true;
            Innermost.Value = outer;
        }
    }
}
