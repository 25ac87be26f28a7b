using MassMessaging.Simulator;

namespace MassMessaging.Tests.Simulator;

public sealed class ProgramSpecs
{
    [Fact]
    public void Arguments_are_read_in_both_spellings()
    {
        var options = SimulatorProgram.Read(["--port", "8123", "--api-key=secret", "--read", "0.5", "--auto-open", "false"], out _);

        Assert.Equal((8123, "secret", 0.5, false), (options!.Port, options.ApiKey, options.Receipts.Read, options.AutoOpen));
    }

    [Fact]
    public void What_is_no_number_is_said()
    {
        Assert.Null(SimulatorProgram.Read(["--port", "many"], out var wrong));
        Assert.Contains("many", wrong, StringComparison.Ordinal);
    }
}
