/** Stands where `electron` would be: a test that reaches it has crossed a wall. */
throw new Error('A unit under test imported electron: nothing below the shell may know it.')
