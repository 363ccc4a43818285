document.getElementById('script').textContent = 'run'
